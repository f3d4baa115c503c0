with pages as (

    select * from {{ ref('stg_pages') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

sightings as (

    select
        customers.canonical_customer_id,
        pages.account_id,
        pages.occurred_at,
        pages.page_id
    from pages
    inner join customers on customers.customer_id = pages.customer_id
    where pages.account_id is not null

)

-- A customer may have used several accounts; the one seen last stands for them.
select distinct on (canonical_customer_id)
    canonical_customer_id,
    account_id,
    occurred_at as last_seen_at
from sightings
order by canonical_customer_id, occurred_at desc nulls last, page_id collate "C" desc
