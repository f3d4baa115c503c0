{# The schema a node is built in. Projects override generate_schema_name more than any other macro. #}

{% macro generate_schema_name(custom_schema_name=none, node=none) -%}
    {{ return(adapter.dispatch('generate_schema_name', 'dbt')(custom_schema_name, node)) }}
{%- endmacro %}

{# A custom schema is a suffix and not a replacement, so that developers do not write over one another. #}
{% macro default__generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema }}
    {%- if custom_schema_name is not none -%}
        _{{ custom_schema_name | trim }}
    {%- endif -%}
{%- endmacro %}

{# The other usual policy, to call from an override: custom names in the target "prod", one schema elsewhere. #}
{% macro generate_schema_name_for_env(custom_schema_name, node) -%}
    {%- if target.name == 'prod' and custom_schema_name is not none -%}
        {{ custom_schema_name | trim }}
    {%- else -%}
        {{ target.schema }}
    {%- endif -%}
{%- endmacro %}
