with pages as (

    select * from {{ ref('stg_pages') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

customer_accounts as (

    select * from {{ ref('int_customer_accounts') }}

),

showtimes as (

    select * from {{ ref('stg_showtimes') }}

),

event_type_mapping as (

    select * from {{ ref('event_type_mapping') }}

),

-- The mapping may spell one page type in several ways; spelled as in staging, it must name each only once.
page_types as (

    select
        {{ snake_case(clean_text('event_name')) }} as page_type,
        min({{ clean_text('label') }}) as page_label
    from event_type_mapping
    group by 1

),

joined as (

    select
        pages.page_id,
        pages.account_id,
        pages.customer_id,
        customers.canonical_customer_id,
        -- Who looked: the account if any is known, else the customer, else nobody we could meet again.
        case
            when coalesce(pages.account_id, customer_accounts.account_id) is not null
                then 'account:' || coalesce(pages.account_id, customer_accounts.account_id)
            else 'customer:' || customers.canonical_customer_id
        end as visitor_id,
        pages.page_type,
        page_types.page_label,
        pages.occurred_at,
        pages.event_id,
        pages.showtime_id,
        showtimes.event_id as showtime_event_id,
        coalesce(pages.event_id, showtimes.event_id) as browsed_event_id,
        coalesce(pages.event_id <> showtimes.event_id, false) as is_event_mismatch
    from pages
    left join customers on customers.customer_id = pages.customer_id
    left join customer_accounts on customer_accounts.canonical_customer_id = customers.canonical_customer_id
    left join showtimes on showtimes.showtime_id = pages.showtime_id
    left join page_types on page_types.page_type = pages.page_type

)

select * from joined
