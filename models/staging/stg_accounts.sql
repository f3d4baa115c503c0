with source as (

    select * from {{ source('raw', 'accounts') }}

),

cleaned as (

    select
        account_id,
        lower({{ clean_text('email') }}) as email,
        created_at
    from source

)

select * from cleaned
