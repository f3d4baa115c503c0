with events as (

    select * from {{ ref('stg_events') }}

),

showtimes as (

    select * from {{ ref('stg_showtimes') }}

),

event_showtimes as (

    select
        event_id,
        count(*) as showtimes,
        min(starts_at) as first_starts_at,
        max(starts_at) as last_starts_at
    from showtimes
    where event_id is not null
    group by event_id

)

select
    events.event_id,
    events.event_name,
    events.event_slug,
    coalesce(event_showtimes.showtimes, 0) as showtimes,
    event_showtimes.first_starts_at,
    event_showtimes.last_starts_at
from events
left join event_showtimes on event_showtimes.event_id = events.event_id
