-- Both ids of a merge have the same canonical id, unless the merge was overruled by another of the same id.
with identity_merges as (

    select * from {{ ref('stg_identity_merges') }}

),

customers as (

    select * from {{ ref('int_customers') }}

),

-- Ids that are merged into one other id only, however often it was logged.
undisputed as (

    select
        from_customer_id,
        min(to_customer_id) as to_customer_id
    from identity_merges
    where from_customer_id <> to_customer_id
    group by from_customer_id
    having count(distinct to_customer_id) = 1

)

select
    undisputed.from_customer_id,
    undisputed.to_customer_id,
    merged.canonical_customer_id,
    target.canonical_customer_id as target_canonical_customer_id
from undisputed
left join customers as merged on merged.customer_id = undisputed.from_customer_id
left join customers as target on target.customer_id = undisputed.to_customer_id
where merged.canonical_customer_id is distinct from target.canonical_customer_id
