{# Schemas on Postgres. A connection sees one database, so naming another is an error and not a part of the statement. #}

{% macro postgres__create_schema(relation) -%}
    {% if relation.database %}
        {{ adapter.verify_database(relation.database) }}
    {% endif %}
    {%- call statement('create_schema') -%}
        create schema if not exists {{ relation.without_identifier().include(database=False) }}
    {%- endcall -%}
{%- endmacro %}

{% macro postgres__drop_schema(relation) -%}
    {% if relation.database %}
        {{ adapter.verify_database(relation.database) }}
    {% endif %}
    {%- call statement('drop_schema') -%}
        drop schema if exists {{ relation.without_identifier().include(database=False) }} cascade
    {%- endcall -%}
{%- endmacro %}


{% macro postgres__list_schemas(database) %}
    {% if database %}
        {{ adapter.verify_database(database) }}
    {% endif %}
    {% call statement('list_schemas', fetch_result=True, auto_begin=False) %}
        select distinct nspname from pg_namespace
    {% endcall %}
    {{ return(load_result('list_schemas').table) }}
{% endmacro %}

{% macro postgres__check_schema_exists(information_schema, schema) -%}
    {% if information_schema.database %}
        {{ adapter.verify_database(information_schema.database) }}
    {% endif %}
    {% call statement('check_schema_exists', fetch_result=True, auto_begin=False) %}
        select count(*) from pg_namespace where nspname = '{{ schema }}'
    {% endcall %}
    {{ return(load_result('check_schema_exists').table) }}
{%- endmacro %}

{% macro postgres__information_schema_name(database) -%}
    information_schema
{%- endmacro %}
