-- weekly_sales computed in one statement from the raw tables, by the definitions in docs/modelling.md and by other means
-- than the models': what they must agree with. test/data/weekly_sales_equals_raw.sql holds the same statement for dbt.
with placed_orders as (

    select
        orders.order_id,
        cast(date_trunc('week', orders.created_at at time zone 'UTC') as date) as week_start,
        orders.total_amount as amount,
        case
            when upper(btrim(orders.showtime_id, E' \t\n\r\u00a0')) not in ('', 'N/A', 'NULL')
                then btrim(orders.showtime_id, E' \t\n\r\u00a0')
        end as showtime_id
    from raw.orders as orders
    where orders.created_at is not null

),

money as (

    select 'order' as kind, order_id, amount from placed_orders
    union all
    select 'transaction', btrim(order_id, E' \t\n\r\u00a0'), amount from raw.transactions

),

-- What stands around the first run of digits, and that run.
dissected as materialized (

    select
        kind,
        order_id,
        amount,
        substring(amount from '[0-9.,]+') as digits,
        regexp_replace(regexp_replace(btrim(amount, E' \t\n\r\u00a0'), '[0-9.,]+', '#'), '\s', '', 'g') as form
    from money

),

valued as (

    select
        kind,
        order_id,
        case
            when length(btrim(amount, E' \t\n\r\u00a0')) > 40 then 0
            when digits !~ '^(([0-9]{1,3}(,[0-9]{3})+|[0-9]+)([.][0-9]*)?|[.][0-9]+)$' then 0
            when form !~ '^[^$]*[$]?[^$]*#[^$]*$' then 0
            when replace(form, '$', '') in ('#', '+#') then cast(replace(digits, ',', '') as numeric)
            when replace(form, '$', '') in ('-#', '(#)', '(-#)', '(+#)') then -cast(replace(digits, ',', '') as numeric)
            else 0
        end as amount
    from dissected

),

order_values as (

    select
        placed_orders.week_start,
        coalesce(
            (
                select
                    case
                        when upper(btrim(showtimes.event_id, E' \t\n\r\u00a0')) not in ('', 'N/A', 'NULL')
                            then btrim(showtimes.event_id, E' \t\n\r\u00a0')
                    end
                from raw.showtimes as showtimes
                where showtimes.showtime_id = placed_orders.showtime_id
            ),
            '(unknown event)'
        ) as event_id,
        coalesce(sum(valued.amount) filter (where valued.kind = 'order'), 0) as ordered,
        coalesce(sum(valued.amount) filter (where valued.kind = 'transaction' and valued.amount > 0), 0) as paid,
        coalesce(sum(valued.amount) filter (where valued.kind = 'transaction' and valued.amount < 0), 0) as refunded
    from placed_orders
    left join valued on valued.order_id = placed_orders.order_id
    group by placed_orders.order_id, placed_orders.week_start, placed_orders.showtime_id

)

select
    week_start,
    case when grouping(event_id) = 1 then '(all events)' else event_id end as event_id,
    grouping(event_id) = 1 as is_total,
    count(*) as orders,
    count(*) filter (where paid > 0) as paid_orders,
    sum(ordered) as ordered_amount,
    sum(paid) as gross_sales,
    -sum(refunded) as refunds,
    sum(paid) + sum(refunded) as net_sales
from order_values
group by grouping sets ((week_start, event_id), (week_start))
order by week_start, is_total, event_id
