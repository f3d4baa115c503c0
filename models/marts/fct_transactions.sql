{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='transaction_id',
        indexes=[{'columns': ['transaction_id'], 'unique': true}],
        post_hook="{{ delete_vanished_rows(ref('stg_transactions'), 'transaction_id') }}"
    )
}}

with transactions as (

    select * from {{ ref('int_transactions') }}

)

select * from transactions

{% if is_incremental() %}

-- No clock tells what changed: a row may come late, and an old one changes when what it refers to arrives.
-- So compare everything, and write only the rows that are new or different.
except

select * from {{ this }}

{% endif %}
