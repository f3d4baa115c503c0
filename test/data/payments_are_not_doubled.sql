-- The money on orders is the money of the transactions that belong to them: a join that multiplied rows would add to
-- it, one that lost rows would take from it.
with transactions as (

    select * from {{ ref('fct_transactions') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

by_transaction as (

    select
        count(*) as transactions,
        coalesce(sum(amount), 0) as net_amount
    from transactions
    where is_order_known

),

by_order as (

    select
        coalesce(sum(transactions), 0) as transactions,
        coalesce(sum(net_amount), 0) as net_amount
    from orders

)

select
    by_transaction.transactions,
    by_order.transactions as transactions_on_orders,
    by_transaction.net_amount,
    by_order.net_amount as net_amount_on_orders
from by_transaction
cross join by_order
where by_transaction.transactions <> by_order.transactions
    or by_transaction.net_amount <> by_order.net_amount
