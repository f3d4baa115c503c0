{# "Now", as an expression, in the variants that projects and snapshots need. #}

{%- macro current_timestamp() -%}
    {{ adapter.dispatch('current_timestamp', 'dbt')() }}
{%- endmacro -%}

{% macro default__current_timestamp() -%}
    {{ exceptions.raise_not_implemented('current_timestamp macro not implemented for adapter ' ~ adapter.type()) }}
{%- endmacro %}


{# The time that a snapshot writes into its validity columns. #}
{%- macro snapshot_get_time() -%}
    {{ adapter.dispatch('snapshot_get_time', 'dbt')() }}
{%- endmacro -%}

{% macro default__snapshot_get_time() %}
    {{ current_timestamp() }}
{% endmacro %}

{# The type of that time, asked of the database, or none. #}
{% macro get_snapshot_get_time_data_type() %}
    {% set now = adapter.dispatch('snapshot_get_time', 'dbt')() %}
    {% set described = get_column_schema_from_query('select ' ~ now ~ ' as dbt_snapshot_time') %}
    {{ return(described[0].dtype or none) }}
{% endmacro %}


{# The two below keep what projects written for an early dbt_utils.current_timestamp relied on. New work has no use for them. #}

{% macro current_timestamp_backcompat() %}
    {{ return(adapter.dispatch('current_timestamp_backcompat', 'dbt')()) }}
{% endmacro %}

{% macro default__current_timestamp_backcompat() %}
    current_timestamp::timestamp
{% endmacro %}


{% macro current_timestamp_in_utc_backcompat() %}
    {{ return(adapter.dispatch('current_timestamp_in_utc_backcompat', 'dbt')()) }}
{% endmacro %}

{% macro default__current_timestamp_in_utc_backcompat() %}
    {{ return(adapter.dispatch('current_timestamp_backcompat', 'dbt')()) }}
{% endmacro %}
