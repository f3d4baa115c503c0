with source as (

    select * from {{ source('raw', 'identity_merges') }}

),

cleaned as (

    select
        {{ clean_text('from_customer_id') }} as from_customer_id,
        {{ clean_text('to_customer_id') }} as to_customer_id,
        merged_at
    from source

),

-- The log has no key and may hold a line twice: count the equal lines to tell them apart.
numbered as (

    select
        *,
        row_number() over (partition by from_customer_id, to_customer_id, merged_at) as occurrence
    from cleaned

)

select
    md5(
        row(from_customer_id, to_customer_id, extract(epoch from merged_at), occurrence)::text
    ) as identity_merge_id,
    *,
    from_customer_id = to_customer_id as is_self_merge
from numbered
