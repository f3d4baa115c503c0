with source as (

    select * from {{ source('raw', 'orders') }}

),

-- Materialized, here and below: Postgres would copy the expressions to every place that reads the column, and parse
-- each amount several times.
cleaned as materialized (

    select
        order_id,
        {{ clean_text('account_id') }} as account_id,
        {{ clean_text('showtime_id') }} as showtime_id,
        created_at as ordered_at,
        {{ clean_text('total_amount') }} as total_amount_text
    from source

),

parsed as materialized (

    select
        order_id,
        account_id,
        showtime_id,
        ordered_at,
        {{ parse_amount('total_amount_text') }} as total_amount,
        total_amount_text
    from cleaned

)

select
    *,
    total_amount is null and total_amount_text is not null as is_total_amount_unreadable
from parsed
