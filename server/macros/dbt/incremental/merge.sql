{# Strategies that use the MERGE statement. In its conditions the aliases are DBT_INTERNAL_SOURCE and DBT_INTERNAL_DEST:
   predicates in projects name them. #}

{# Accepts `predicates=…`, the former name of the last argument. The comment is part of dbt's statement. #}
{% macro get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
    -- back compat for old kwarg name
    {{ adapter.dispatch('get_merge_sql', 'dbt')(
        target, source, unique_key, dest_columns, kwargs.get('predicates', incremental_predicates)
    ) }}
{%- endmacro %}

{# Without a unique key nothing matches, and every row is inserted. #}
{% macro default__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
    {%- set columns = get_quoted_csv(dest_columns | map(attribute="name")) -%}
    {%- set updated = get_merge_update_columns(
        config.get('merge_update_columns'), config.get('merge_exclude_columns'), dest_columns
    ) -%}

    {%- set conditions = [] + (incremental_predicates or []) -%}
    {%- if not unique_key -%}
        {%- do conditions.append('FALSE') -%}
    {%- elif unique_key is sequence and unique_key is not mapping and unique_key is not string -%}
        {%- for key in unique_key -%}
            {%- do conditions.append('DBT_INTERNAL_SOURCE.' ~ key ~ ' = DBT_INTERNAL_DEST.' ~ key) -%}
        {%- endfor -%}
    {%- else -%}
        {%- do conditions.append(get_merge_unique_key_match(
            ('DBT_INTERNAL_SOURCE.' ~ unique_key) | trim, ('DBT_INTERNAL_DEST.' ~ unique_key) | trim
        )) -%}
    {%- endif -%}

    {{ config.get('sql_header', none) or '' }}

    merge into {{ target }} as DBT_INTERNAL_DEST
        using {{ source }} as DBT_INTERNAL_SOURCE
        on ({{ conditions | join(') and (') }})

    {% if unique_key %}
    when matched then update set
        {% for column in updated -%}
            {{ column }} = DBT_INTERNAL_SOURCE.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    {% endif %}

    when not matched then insert
        ({{ columns }})
    values
        ({{ columns }})
{% endmacro %}


{# When two rows are the same row, for a key of one column. #}
{% macro get_merge_unique_key_match(source_unique_key, target_unique_key) %}
    {{ return(adapter.dispatch('get_merge_unique_key_match', 'dbt')(source_unique_key, target_unique_key)) }}
{% endmacro %}

{% macro default__get_merge_unique_key_match(source_unique_key, target_unique_key) -%}
    {{ return(equals(source_unique_key, target_unique_key) | trim) }}
{%- endmacro %}


{# Which columns a match updates: all, unless the config lists those to update, as written, or those to spare. #}
{% macro get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) %}
    {{ return(adapter.dispatch('get_merge_update_columns', 'dbt')(merge_update_columns, merge_exclude_columns, dest_columns)) }}
{% endmacro %}

{% macro default__get_merge_update_columns(merge_update_columns, merge_exclude_columns, dest_columns) %}
    {% if merge_update_columns and merge_exclude_columns %}
        {{ exceptions.raise_compiler_error(
            'Model cannot specify merge_update_columns and merge_exclude_columns. Please update model to use only one config'
        ) }}
    {% elif merge_update_columns %}
        {{ return(merge_update_columns) }}
    {% endif %}

    {% set spared = (merge_exclude_columns or []) | map('lower') | list %}
    {% set updated = [] %}
    {% for column in dest_columns if column.column | lower not in spared %}
        {% do updated.append(column.quoted) %}
    {% endfor %}
    {{ return(updated) }}
{% endmacro %}


{# Replaces whole partitions: those that match the predicates. For databases whose merge can delete by source. #}
{% macro get_insert_overwrite_merge_sql(target, source, dest_columns, predicates, include_sql_header=false) -%}
    {{ adapter.dispatch('get_insert_overwrite_merge_sql', 'dbt')(target, source, dest_columns, predicates, include_sql_header) }}
{%- endmacro %}

{% macro default__get_insert_overwrite_merge_sql(target, source, dest_columns, predicates, include_sql_header) -%}
    {%- set columns = get_quoted_csv(dest_columns | map(attribute="name")) -%}

    {{ config.get('sql_header', none) or '' if include_sql_header }}

    merge into {{ target }} as DBT_INTERNAL_DEST
        using {{ source }} as DBT_INTERNAL_SOURCE
        on FALSE

    when not matched by source
        {{ 'and ' ~ predicates | join(' and ') if predicates }}
        then delete

    when not matched then insert
        ({{ columns }})
    values
        ({{ columns }})
{% endmacro %}
