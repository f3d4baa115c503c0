{# Settings that a node's config decides, or else the command line. #}

{% macro should_full_refresh() %}
    {% set configured = config.get('full_refresh') %}
    {{ return(flags.FULL_REFRESH if configured is none else configured) }}
{% endmacro %}

{% macro should_store_failures() %}
    {% set configured = config.get('store_failures') %}
    {{ return(flags.STORE_FAILURES if configured is none else configured) }}
{% endmacro %}

{# A call block in a model: its text is put before the statement that builds the model. #}
{% macro set_sql_header(config) -%}
    {{ config.set('sql_header', caller()) }}
{%- endmacro %}

{# Whether the engine reports itself as dbt 2. #}
{% macro is_core_v2() -%}
    {{ return(dbt_version.split('.')[0] | int == 2) }}
{%- endmacro %}
