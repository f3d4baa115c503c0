{{ config(materialized='table') }}

with recursive pages as (

    select * from {{ ref('stg_pages') }}

),

identity_merges as (

    select * from {{ ref('stg_identity_merges') }}

),

-- One merge per customer id: the latest, and of equally late ones the one with the smallest target.
-- Merging into itself says nothing.
merges as (

    select distinct on (from_customer_id)
        from_customer_id,
        to_customer_id
    from identity_merges
    where from_customer_id <> to_customer_id
    order by from_customer_id, merged_at desc nulls last, to_customer_id collate "C"

),

customers as (

    select customer_id from pages where customer_id is not null
    union
    select from_customer_id from identity_merges where from_customer_id is not null
    union
    select to_customer_id from identity_merges where to_customer_id is not null

),

-- From the ends of the chains back to their beginnings: each id has one merge at most, so each is reached once.
settled as (

    select
        customer_id,
        customer_id as canonical_customer_id,
        0 as merges_to_canonical
    from customers
    where not exists (select 1 from merges where merges.from_customer_id = customers.customer_id)

    union all

    select
        merges.from_customer_id,
        settled.canonical_customer_id,
        settled.merges_to_canonical + 1
    from settled
    inner join merges on merges.to_customer_id = settled.customer_id

),

-- What is left runs into a cycle. `union` drops the pairs already found, so the walk comes to an end.
circling as (

    select
        from_customer_id as customer_id,
        to_customer_id as reached_customer_id
    from merges
    where not exists (select 1 from settled where settled.customer_id = merges.from_customer_id)

    union

    select
        circling.customer_id,
        merges.to_customer_id
    from circling
    inner join merges on merges.from_customer_id = circling.reached_customer_id

),

cycle_members as (

    select customer_id from circling where customer_id = reached_customer_id

),

-- A cycle has no end: its smallest id stands for it and for every chain that runs into it.
cycles_resolved as (

    select
        circling.customer_id,
        min(circling.reached_customer_id collate "C") as canonical_customer_id
    from circling
    inner join cycle_members on cycle_members.customer_id = circling.reached_customer_id
    group by circling.customer_id

)

select
    customer_id,
    canonical_customer_id,
    merges_to_canonical,
    false as is_cycle
from settled

union all

select
    customer_id,
    canonical_customer_id,
    null as merges_to_canonical,
    true as is_cycle
from cycles_resolved
