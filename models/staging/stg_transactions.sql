with source as (

    select * from {{ source('raw', 'transactions') }}

),

-- Materialized, here and below: Postgres would copy the expressions to every place that reads the column, and parse
-- each amount several times.
cleaned as materialized (

    select
        transaction_id,
        {{ clean_text('order_id') }} as order_id,
        {{ clean_text('amount') }} as amount_text,
        occurred_at
    from source

),

parsed as materialized (

    select
        transaction_id,
        order_id,
        {{ parse_amount('amount_text') }} as amount,
        amount_text,
        occurred_at
    from cleaned

)

select
    *,
    amount is null and amount_text is not null as is_amount_unreadable
from parsed
