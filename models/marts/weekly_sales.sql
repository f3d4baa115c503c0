with orders as (

    select * from {{ ref('fct_orders') }}

),

events as (

    select * from {{ ref('dim_events') }}

),

-- An order without a time belongs to no week; one without an event still belongs to its week's total.
sales as (

    select
        week_start,
        coalesce(event_id, '(unknown event)') as event_id,
        total_amount,
        paid_amount,
        refunded_amount,
        net_amount
    from orders
    where week_start is not null

),

by_event as (

    select
        week_start,
        event_id,
        false as is_total,
        count(*) as orders,
        count(*) filter (where paid_amount > 0) as paid_orders,
        coalesce(sum(total_amount), 0.00) as ordered_amount,
        sum(paid_amount) as gross_sales,
        sum(refunded_amount) as refunds,
        sum(net_amount) as net_sales
    from sales
    group by week_start, event_id

),

by_week as (

    select
        week_start,
        '(all events)' as event_id,
        true as is_total,
        sum(orders)::bigint as orders,
        sum(paid_orders)::bigint as paid_orders,
        sum(ordered_amount) as ordered_amount,
        sum(gross_sales) as gross_sales,
        sum(refunds) as refunds,
        sum(net_sales) as net_sales
    from by_event
    group by week_start

),

unioned as (

    select * from by_event
    union all
    select * from by_week

)

select
    unioned.week_start,
    to_char(unioned.week_start, 'IYYY-"W"IW') as iso_week,
    unioned.event_id,
    unioned.is_total,
    events.event_name,
    unioned.orders,
    unioned.paid_orders,
    unioned.ordered_amount,
    unioned.gross_sales,
    unioned.refunds,
    unioned.net_sales
from unioned
left join events on events.event_id = unioned.event_id
