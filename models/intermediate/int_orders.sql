with orders as (

    select * from {{ ref('stg_orders') }}

),

accounts as (

    select * from {{ ref('stg_accounts') }}

),

showtimes as (

    select * from {{ ref('stg_showtimes') }}

),

events as (

    select * from {{ ref('stg_events') }}

),

payments as (

    select * from {{ ref('int_order_payments') }}

),

joined as (

    select
        orders.order_id,
        orders.account_id,
        orders.showtime_id,
        showtimes.event_id,
        orders.ordered_at,
        date_trunc('week', orders.ordered_at at time zone 'UTC')::date as week_start,
        orders.total_amount,
        orders.is_total_amount_unreadable,
        coalesce(payments.paid_amount, 0.00) as paid_amount,
        coalesce(payments.refunded_amount, 0.00) as refunded_amount,
        coalesce(payments.net_amount, 0.00) as net_amount,
        coalesce(payments.transactions, 0) as transactions,
        payments.first_paid_at,
        payments.last_transaction_at,
        accounts.account_id is not null as is_account_known,
        showtimes.showtime_id is not null as is_showtime_known,
        events.event_id is not null as is_event_known
    from orders
    left join accounts on accounts.account_id = orders.account_id
    left join showtimes on showtimes.showtime_id = orders.showtime_id
    left join events on events.event_id = showtimes.event_id
    left join payments on payments.order_id = orders.order_id

)

select
    *,
    case
        when paid_amount = 0 then 'unpaid'
        when refunded_amount >= paid_amount then 'refunded'
        when refunded_amount > 0 then 'partly refunded'
        when paid_amount < total_amount then 'partly paid'
        else 'paid'
    end as payment_status
from joined
