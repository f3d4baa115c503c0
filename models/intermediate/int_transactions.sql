with transactions as (

    select * from {{ ref('stg_transactions') }}

),

orders as (

    select * from {{ ref('stg_orders') }}

),

showtimes as (

    select * from {{ ref('stg_showtimes') }}

),

joined as (

    select
        transactions.transaction_id,
        transactions.order_id,
        orders.account_id,
        orders.showtime_id,
        showtimes.event_id,
        case
            when transactions.amount > 0 then 'payment'
            when transactions.amount < 0 then 'refund'
            when transactions.amount = 0 then 'zero'
            else 'unknown'
        end as transaction_type,
        transactions.amount,
        transactions.is_amount_unreadable,
        transactions.occurred_at,
        orders.order_id is not null as is_order_known
    from transactions
    left join orders on orders.order_id = transactions.order_id
    left join showtimes on showtimes.showtime_id = orders.showtime_id

)

select * from joined
