-- Every week has one total, and it is the sum of the week's events.
with weekly_sales as (

    select * from {{ ref('weekly_sales') }}

)

select
    week_start,
    count(*) filter (where is_total) as totals
from weekly_sales
group by week_start
having count(*) filter (where is_total) <> 1
    or sum(orders) filter (where is_total) <> sum(orders) filter (where not is_total)
    or sum(gross_sales) filter (where is_total) <> sum(gross_sales) filter (where not is_total)
    or sum(refunds) filter (where is_total) <> sum(refunds) filter (where not is_total)
    or sum(net_sales) filter (where is_total) <> sum(net_sales) filter (where not is_total)
