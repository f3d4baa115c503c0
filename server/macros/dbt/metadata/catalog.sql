{# What the database says about relations: the catalog of `docs generate`, and the listings that the cache is made of.
   Each adapter brings its own queries. #}

{# Columns table_database, table_schema, table_name, table_type, table_comment, column_name, column_index, column_type,
   column_comment, table_owner: one row per column. #}
{% macro get_catalog(information_schema, schemas) -%}
    {{ return(adapter.dispatch('get_catalog', 'dbt')(information_schema, schemas)) }}
{%- endmacro %}

{% macro default__get_catalog(information_schema, schemas) -%}
    {{ exceptions.raise_compiler_error("get_catalog not implemented for " ~ adapter.type()) }}
{%- endmacro %}

{# The same for chosen relations. #}
{% macro get_catalog_relations(information_schema, relations) -%}
    {{ return(adapter.dispatch('get_catalog_relations', 'dbt')(information_schema, relations)) }}
{%- endmacro %}

{% macro default__get_catalog_relations(information_schema, relations) -%}
    {{ exceptions.raise_compiler_error("get_catalog_relations not implemented for " ~ adapter.type()) }}
{%- endmacro %}

{% macro get_catalog_for_single_relation(relation) %}
    {{ return(adapter.dispatch('get_catalog_for_single_relation', 'dbt')(relation)) }}
{% endmacro %}

{% macro default__get_catalog_for_single_relation(relation) %}
    {{ exceptions.raise_not_implemented(
        'get_catalog_for_single_relation macro not implemented for adapter ' ~ adapter.type()
    ) }}
{% endmacro %}


{# Columns database, name, schema, type: one row per relation of a schema. #}
{% macro list_relations_without_caching(schema_relation) %}
    {{ return(adapter.dispatch('list_relations_without_caching', 'dbt')(schema_relation)) }}
{% endmacro %}

{% macro default__list_relations_without_caching(schema_relation) %}
    {{ exceptions.raise_not_implemented(
        'list_relations_without_caching macro not implemented for adapter ' ~ adapter.type()
    ) }}
{% endmacro %}

{% macro list_function_relations_without_caching(schema_relation) %}
    {{ return(adapter.dispatch('list_function_relations_without_caching', 'dbt')(schema_relation)) }}
{% endmacro %}

{% macro default__list_function_relations_without_caching(schema_relation) %}
    {{ exceptions.raise_not_implemented(
        'list_function_relations_without_caching macro not implemented for adapter ' ~ adapter.type()
    ) }}
{% endmacro %}


{# Which relations fall with which, when one is dropped with cascade. #}
{% macro get_relations() %}
    {{ return(adapter.dispatch('get_relations', 'dbt')()) }}
{% endmacro %}

{% macro default__get_relations() %}
    {{ exceptions.raise_not_implemented('get_relations macro not implemented for adapter ' ~ adapter.type()) }}
{% endmacro %}
