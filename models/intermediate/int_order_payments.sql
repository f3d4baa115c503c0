with transactions as (

    select * from {{ ref('stg_transactions') }}

),

-- To the order's grain before anything is joined: an order with three transactions is still one order.
summed as (

    select
        order_id,
        count(*) as transactions,
        coalesce(sum(amount) filter (where amount > 0), 0.00) as paid_amount,
        coalesce(-sum(amount) filter (where amount < 0), 0.00) as refunded_amount,
        coalesce(sum(amount), 0.00) as net_amount,
        min(occurred_at) filter (where amount > 0) as first_paid_at,
        max(occurred_at) as last_transaction_at
    from transactions
    where order_id is not null
    group by order_id

)

select * from summed
