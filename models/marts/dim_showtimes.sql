with showtimes as (

    select * from {{ ref('stg_showtimes') }}

),

events as (

    select * from {{ ref('stg_events') }}

)

select
    showtimes.showtime_id,
    showtimes.event_id,
    events.event_name,
    showtimes.starts_at,
    events.event_id is not null as is_event_known
from showtimes
left join events on events.event_id = showtimes.event_id
