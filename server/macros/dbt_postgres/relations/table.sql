{# Tables on Postgres: create, replace, rename, drop. #}

{# A contract's table is declared first and then filled, because "create table as" takes no types or constraints. A
   temporary table is only checked. #}
{% macro postgres__create_table_as(temporary, relation, sql) -%}
    {%- set enforced = config.get('contract').enforced -%}
    {%- set kind = 'temporary ' if temporary else 'unlogged ' if config.get('unlogged', default=false) -%}
    {{ config.get('sql_header', none) or '' }}

    create {{ kind }}table {{ relation }}
    {% if enforced %}
        {{ get_assert_columns_equivalent(sql) }}
    {% endif %}
    {% if enforced and not temporary %}
        {{ get_table_columns_and_constraints() }} ;
    insert into {{ relation }} (
        {{ adapter.dispatch('get_column_names', 'dbt')() }}
    )
    (
        {{ get_select_subquery(sql) }}
    );
    {% else %}
    as
    (
        {{ sql }}
    );
    {% endif %}
{%- endmacro %}

{# Postgres has no "create or replace table"; relations of this type are never replaced in place. #}
{% macro postgres__get_replace_table_sql(relation, sql) -%}
    {%- set enforced = config.get('contract').enforced -%}
    {{ config.get('sql_header', none) or '' }}

    create or replace table {{ relation }}
    {% if enforced %}
        {{ get_assert_columns_equivalent(sql) }}
        {{ get_table_columns_and_constraints() }}
    {% endif %}
    as (
        {{ get_select_subquery(sql) if enforced else sql }}
    );
{%- endmacro %}

{% macro postgres__get_rename_table_sql(relation, new_name) %}
    alter table {{ relation }} rename to {{ new_name }}
{% endmacro %}

{% macro postgres__drop_table(relation) -%}
    drop table if exists {{ relation }} cascade
{%- endmacro %}
