{# The table of a seed: made from the file's columns, or emptied. Both execute and return the SQL for the record. #}

{# The config `column_types` wins over the type inferred from the file. #}
{% macro create_csv_table(model, agate_table) -%}
    {{ adapter.dispatch('create_csv_table', 'dbt')(model, agate_table) }}
{%- endmacro %}

{% macro default__create_csv_table(model, agate_table) %}
    {% set chosen = model['config'].get('column_types', {}) %}
    {% set quote = model['config'].get('quote_columns', none) %}
    {% set definitions = [] %}
    {% for name in agate_table.column_names %}
        {% set type = chosen.get(name, adapter.convert_type(agate_table, loop.index0)) %}
        {% do definitions.append(adapter.quote_seed_column(name | string, quote) ~ ' ' ~ type) %}
    {% endfor %}
    {% set sql %}
        create table {{ this.render() }} ({{ definitions | join(', ') }})
    {% endset %}

    {% call statement('_') -%}
        {{ sql }}
    {%- endcall %}

    {{ return(sql) }}
{% endmacro %}


{# A full refresh makes the table anew, with the types of today; otherwise it keeps its shape and its dependants. #}
{% macro reset_csv_table(model, full_refresh, old_relation, agate_table) -%}
    {{ adapter.dispatch('reset_csv_table', 'dbt')(model, full_refresh, old_relation, agate_table) }}
{%- endmacro %}

{% macro default__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
    {% if full_refresh %}
        {% do adapter.drop_relation(old_relation) %}
        {{ return(create_csv_table(model, agate_table)) }}
    {% endif %}
    {% do adapter.truncate_relation(old_relation) %}
    {{ return("truncate table " ~ old_relation.render()) }}
{% endmacro %}
