{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='page_id',
        indexes=[{'columns': ['page_id'], 'unique': true}],
        post_hook="{{ delete_vanished_rows(ref('stg_pages'), 'page_id') }}"
    )
}}

with page_views as (

    select * from {{ ref('int_page_views') }}

)

select * from page_views

{% if is_incremental() %}

-- No clock tells what changed: a row may come late, and an old one changes when what it refers to arrives.
-- So compare everything, and write only the rows that are new or different.
except

select * from {{ this }}

{% endif %}
