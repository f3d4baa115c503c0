with visitor_events as (

    select * from {{ ref('fct_visitor_events') }}

),

events as (

    select * from {{ ref('dim_events') }}

),

-- Each step counts the visitors who came that far, so no step can exceed the first.
counted as (

    select
        event_id,
        count(*) as browsed_visitors,
        count(first_showtime_viewed_at) as showtime_visitors,
        count(first_ordered_at) as ordered_visitors,
        count(first_paid_at) as paid_visitors,
        sum(page_views)::bigint as page_views,
        sum(orders)::bigint as orders
    from visitor_events
    group by event_id

)

select
    counted.event_id,
    events.event_name,
    counted.browsed_visitors,
    counted.showtime_visitors,
    counted.ordered_visitors,
    counted.paid_visitors,
    counted.page_views,
    counted.orders,
    round(counted.ordered_visitors::numeric / counted.browsed_visitors, 4) as browse_to_order_rate
from counted
left join events on events.event_id = counted.event_id
