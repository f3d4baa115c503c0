with source as (

    select * from {{ source('raw', 'events') }}

),

cleaned as (

    select
        event_id,
        regexp_replace({{ clean_text('name') }}, '\s+', ' ', 'g') as event_name,
        regexp_replace(lower({{ clean_text('slug') }}), '[\s_-]+', '-', 'g') as event_slug
    from source

)

select * from cleaned
