with source as (

    select * from {{ source('raw', 'pages') }}

),

cleaned as (

    select
        page_id,
        {{ clean_text('account_id') }} as account_id,
        {{ clean_text('customer_id') }} as customer_id,
        {{ snake_case(clean_text('page_type')) }} as page_type,
        occurred_at,
        {{ clean_text('event_id') }} as event_id,
        {{ clean_text('showtime_id') }} as showtime_id
    from source

)

select * from cleaned
