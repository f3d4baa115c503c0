with accounts as (

    select * from {{ ref('stg_accounts') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

account_orders as (

    select
        account_id,
        count(*) as orders,
        min(ordered_at) as first_ordered_at,
        max(ordered_at) as last_ordered_at,
        sum(net_amount) as net_amount
    from orders
    where account_id is not null
    group by account_id

)

select
    accounts.account_id,
    accounts.email,
    accounts.created_at,
    coalesce(account_orders.orders, 0) as orders,
    account_orders.first_ordered_at,
    account_orders.last_ordered_at,
    coalesce(account_orders.net_amount, 0.00) as net_amount
from accounts
left join account_orders on account_orders.account_id = accounts.account_id
