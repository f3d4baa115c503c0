with customers as (

    select * from {{ ref('int_customers') }}

),

customer_accounts as (

    select * from {{ ref('int_customer_accounts') }}

),

page_views as (

    select * from {{ ref('fct_page_views') }}

),

canonical_customers as (

    select
        canonical_customer_id,
        count(*) as customer_ids,
        bool_or(is_cycle) as is_cycle
    from customers
    group by canonical_customer_id

),

browsing as (

    select
        canonical_customer_id,
        count(*) as page_views,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at
    from page_views
    where canonical_customer_id is not null
    group by canonical_customer_id

)

select
    canonical_customers.canonical_customer_id as customer_id,
    customer_accounts.account_id,
    canonical_customers.customer_ids,
    canonical_customers.is_cycle,
    coalesce(browsing.page_views, 0) as page_views,
    browsing.first_seen_at,
    browsing.last_seen_at
from canonical_customers
left join customer_accounts
    on customer_accounts.canonical_customer_id = canonical_customers.canonical_customer_id
left join browsing on browsing.canonical_customer_id = canonical_customers.canonical_customer_id
