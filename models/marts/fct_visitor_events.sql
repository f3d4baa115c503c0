with page_views as (

    select * from {{ ref('fct_page_views') }}

),

orders as (

    select * from {{ ref('fct_orders') }}

),

browsing as (

    select
        visitor_id,
        browsed_event_id as event_id,
        count(*) as page_views,
        min(occurred_at) as first_browsed_at,
        min(occurred_at) filter (where showtime_id is not null) as first_showtime_viewed_at
    from page_views
    where visitor_id is not null and browsed_event_id is not null and occurred_at is not null
    group by visitor_id, browsed_event_id

),

visitor_orders as (

    select
        'account:' || account_id as visitor_id,
        event_id,
        ordered_at,
        first_paid_at
    from orders
    where account_id is not null and event_id is not null

),

-- Only what follows the first look can be its result.
ordering as (

    select
        browsing.visitor_id,
        browsing.event_id,
        count(*) as orders,
        min(visitor_orders.ordered_at) as first_ordered_at,
        min(visitor_orders.first_paid_at) as first_paid_at
    from browsing
    inner join visitor_orders
        on visitor_orders.visitor_id = browsing.visitor_id
        and visitor_orders.event_id = browsing.event_id
        and visitor_orders.ordered_at >= browsing.first_browsed_at
    group by browsing.visitor_id, browsing.event_id

)

select
    browsing.visitor_id,
    browsing.event_id,
    browsing.page_views,
    coalesce(ordering.orders, 0) as orders,
    browsing.first_browsed_at,
    browsing.first_showtime_viewed_at,
    ordering.first_ordered_at,
    ordering.first_paid_at
from browsing
left join ordering on ordering.visitor_id = browsing.visitor_id and ordering.event_id = browsing.event_id
