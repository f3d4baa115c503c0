with source as (

    select * from {{ source('raw', 'showtimes') }}

),

cleaned as (

    select
        showtime_id,
        {{ clean_text('event_id') }} as event_id,
        start_at as starts_at
    from source

)

select * from cleaned
