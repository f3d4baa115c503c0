{# An enforced contract, second half: the parenthesis of a create table, with types and constraints as declared. #}

{%- macro get_table_columns_and_constraints() -%}
    {{ adapter.dispatch('get_table_columns_and_constraints', 'dbt')() }}
{%- endmacro -%}

{% macro default__get_table_columns_and_constraints() -%}
    {{ return(table_columns_and_constraints()) }}
{%- endmacro %}

{% macro table_columns_and_constraints() %}
    {%- set lines = adapter.render_raw_columns_constraints(raw_columns=model['columns'])
                  + adapter.render_raw_model_constraints(raw_constraints=model['constraints']) -%}
    (
    {% for line in lines -%}
        {{ line }}{{ "," if not loop.last }}
    {% endfor -%}
    )
{% endmacro %}
