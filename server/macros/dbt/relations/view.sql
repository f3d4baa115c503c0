{# SQL for views: create, replace, rename, drop. #}

{% macro get_create_view_as_sql(relation, sql) -%}
    {{ adapter.dispatch('get_create_view_as_sql', 'dbt')(relation, sql) }}
{%- endmacro %}

{% macro default__get_create_view_as_sql(relation, sql) -%}
    {{ return(create_view_as(relation, sql)) }}
{%- endmacro %}

{# The older entry, which adapters and projects override. #}
{% macro create_view_as(relation, sql) -%}
    {{ adapter.dispatch('create_view_as', 'dbt')(relation, sql) }}
{%- endmacro %}

{% macro default__create_view_as(relation, sql) -%}
    {{ config.get('sql_header', none) or '' }}

    create view {{ relation.render() }}
    {% if config.get('contract').enforced %}
        {{ get_assert_columns_equivalent(sql) }}
    {% endif %}
    as (
        {{ sql }}
    );
{%- endmacro %}


{% macro get_replace_view_sql(relation, sql) %}
    {{- adapter.dispatch('get_replace_view_sql', 'dbt')(relation, sql) -}}
{% endmacro %}

{% macro default__get_replace_view_sql(relation, sql) %}
    {{ exceptions.raise_compiler_error("`get_replace_view_sql` has not been implemented for this adapter.") }}
{% endmacro %}


{% macro get_rename_view_sql(relation, new_name) %}
    {{- adapter.dispatch('get_rename_view_sql', 'dbt')(relation, new_name) -}}
{% endmacro %}

{% macro default__get_rename_view_sql(relation, new_name) %}
    {{ exceptions.raise_compiler_error("`get_rename_view_sql` has not been implemented for this adapter.") }}
{% endmacro %}


{% macro drop_view(relation) -%}
    {{- adapter.dispatch('drop_view', 'dbt')(relation) -}}
{%- endmacro %}

{% macro default__drop_view(relation) -%}
    drop view if exists {{ relation.render() }} cascade
{%- endmacro %}


{# The body of a view materialization for databases whose "create or replace view" may change the columns. Postgres's may
   not, so the built-in view materialization swaps; a project's own materialization can call this. #}
{% macro create_or_replace_view() %}
    {% set existing = adapter.get_relation(database=database, schema=schema, identifier=model['alias']) %}
    {% set target_relation = api.Relation.create(
        database=database, schema=schema, identifier=model['alias'], type='view'
    ) %}

    {{ run_hooks(pre_hooks) }}

    {% if existing is not none and existing.is_table %}
        {{ handle_existing_table(should_full_refresh(), existing) }}
    {% endif %}

    {% call statement('main') -%}
        {{ get_create_view_as_sql(target_relation, sql) }}
    {%- endcall %}

    {% set existed_as_view = existing is not none and existing.is_view %}
    {% do apply_grants(
        target_relation, config.get('grants'), should_revoke=should_revoke(existed_as_view, full_refresh_mode=True)
    ) %}

    {{ run_hooks(post_hooks) }}

    {{ return({'relations': [target_relation]}) }}
{% endmacro %}

{# What becomes of a table where a view is to be: it goes. Overridden where that should need a full refresh. #}
{% macro handle_existing_table(full_refresh, old_relation) %}
    {{ adapter.dispatch('handle_existing_table', 'dbt')(full_refresh, old_relation) }}
{% endmacro %}

{% macro default__handle_existing_table(full_refresh, old_relation) %}
    {% do log("Dropping relation " ~ old_relation.render() ~ " because it is of type " ~ old_relation.type) %}
    {% do adapter.drop_relation(old_relation) %}
{% endmacro %}
