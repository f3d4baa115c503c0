{# What a further run of a snapshot finds: a table of the rows to insert, and of those whose validity ends. #}

{# Makes it a temporary table; returns the relation. #}
{% macro build_snapshot_staging_table(strategy, sql, target_relation) %}
    {% set staging = make_temp_relation(target_relation) %}
    {% set select = snapshot_staging_table(strategy, sql, target_relation) %}
    {% call statement('build_snapshot_staging_relation') %}
        {{ create_table_as(True, staging, select) }}
    {% endcall %}
    {{ return(staging) }}
{% endmacro %}


{% macro snapshot_staging_table(strategy, source_sql, target_relation) -%}
    {{ adapter.dispatch('snapshot_staging_table', 'dbt')(strategy, source_sql, target_relation) }}
{%- endmacro %}

{# The column dbt_change_type says what a row is for: 'insert' adds a version; 'update' ends the one with its dbt_scd_id
   because a new one follows; 'delete' ends it because the source row is gone. With hard_deletes = new_record, a version
   marked as deleted follows even then, until the row comes back. All parts of the union list their columns in one order:
   the source's, the keys, dbt_updated_at, dbt_valid_from, dbt_valid_to, dbt_scd_id, and dbt_is_deleted. #}
{% macro default__snapshot_staging_table(strategy, source_sql, target_relation) -%}
    {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
    {%- set current = config.get('dbt_valid_to_current') -%}
    {%- set marks_deleted = strategy.hard_deletes == 'new_record' -%}
    {%- set sees_deleted = marks_deleted or strategy.hard_deletes == 'invalidate' -%}
    {%- set same_key = unique_key_join_on(strategy.unique_key, "snapshotted_data", "source_data") -%}

    {%- set changed -%}
        {{ strategy.row_changed }} {%- if marks_deleted %} or snapshotted_data.{{ columns.dbt_is_deleted }} = 'True' {%- endif %}
    {%- endset -%}
    {%- set not_marked_yet -%}
        not (
            snapshotted_data.{{ columns.dbt_is_deleted }} = 'True'
            and
            snapshotted_data.{{ columns.dbt_valid_to }} {{ '= ' ~ current if current else 'is null' }}
        )
    {%- endset -%}

    with snapshot_query as (
        {{ source_sql }}
    ),

    snapshotted_data as (
        select *, {{ unique_key_fields(strategy.unique_key) }}
        from {{ target_relation }}
        where
            {% if current -%}
                {# Versions recorded before `dbt_valid_to_current` was set are current, too. #}
                ( {{ equals(columns.dbt_valid_to | trim, current | trim) }} or {{ columns.dbt_valid_to | trim }} is null )
            {%- else -%}
                {{ columns.dbt_valid_to }} is null
            {%- endif %}
    ),

    insertions_source_data as (
        select *, {{ unique_key_fields(strategy.unique_key) }},
            {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
            {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
            {{ get_dbt_valid_to_current(strategy, columns) }},
            {{ strategy.scd_id }} as {{ columns.dbt_scd_id }}
        from snapshot_query
    ),

    updates_source_data as (
        select *, {{ unique_key_fields(strategy.unique_key) }},
            {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
            {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
            {{ strategy.updated_at }} as {{ columns.dbt_valid_to }}
        from snapshot_query
    ),

    {% if sees_deleted -%}
    deletes_source_data as (
        select *, {{ unique_key_fields(strategy.unique_key) }}
        from snapshot_query
    ),
    {%- endif %}

    insertions as (
        select
            'insert' as dbt_change_type,
            source_data.*
            {{- ",'False' as " ~ columns.dbt_is_deleted if marks_deleted }}
        from insertions_source_data as source_data
        left outer join snapshotted_data
            on {{ same_key }}
            where {{ unique_key_is_null(strategy.unique_key, "snapshotted_data") }}
            or ({{ unique_key_is_not_null(strategy.unique_key, "snapshotted_data") }} and (
               {{ changed }}
            )
        )
    ),

    updates as (
        select
            'update' as dbt_change_type,
            source_data.*,
            snapshotted_data.{{ columns.dbt_scd_id }}
            {{- ", snapshotted_data." ~ columns.dbt_is_deleted if marks_deleted }}
        from updates_source_data as source_data
        join snapshotted_data
            on {{ same_key }}
        where (
            {{ changed }}
        )
    )

    {%- if sees_deleted %}
    ,
    deletes as (
        select
            'delete' as dbt_change_type,
            source_data.*,
            {{ snapshot_get_time() }} as {{ columns.dbt_valid_from }},
            {{ snapshot_get_time() }} as {{ columns.dbt_updated_at }},
            {{ snapshot_get_time() }} as {{ columns.dbt_valid_to }},
            snapshotted_data.{{ columns.dbt_scd_id }}
            {{- ", snapshotted_data." ~ columns.dbt_is_deleted if marks_deleted }}
        from snapshotted_data
        left join deletes_source_data as source_data
            on {{ same_key }}
            where {{ unique_key_is_null(strategy.unique_key, "source_data") }}
            {{ 'and ' ~ not_marked_yet if marks_deleted }}
    )
    {%- endif %}

    {%- if marks_deleted %}
        {%- set snapshotted = get_list_of_column_names(get_columns_in_relation(target_relation)) %}
    ,
    deletion_records as (
        select
            'insert' as dbt_change_type,
            {%- for name in get_columns_in_query(source_sql) %}
            {{ 'snapshotted_data' if name in snapshotted else 'source_data' }}.{{ adapter.quote(name) }},
            {%- endfor %}
            {%- if strategy.unique_key | is_list %}
            {%- for key in strategy.unique_key %}
            snapshotted_data.{{ key }} as dbt_unique_key_{{ loop.index }},
            {%- endfor %}
            {%- else %}
            snapshotted_data.dbt_unique_key as dbt_unique_key,
            {%- endif %}
            {{ snapshot_get_time() }} as {{ columns.dbt_valid_from }},
            {{ snapshot_get_time() }} as {{ columns.dbt_updated_at }},
            snapshotted_data.{{ columns.dbt_valid_to }} as {{ columns.dbt_valid_to }},
            {{ snapshot_hash_arguments([columns.dbt_scd_id, snapshot_get_time()]) }} as {{ columns.dbt_scd_id }},
            'True' as {{ columns.dbt_is_deleted }}
        from snapshotted_data
        left join deletes_source_data as source_data
            on {{ same_key }}
        where {{ unique_key_is_null(strategy.unique_key, "source_data") }}
        and {{ not_marked_yet }}
    )
    {%- endif %}

    select * from insertions
    union all
    select * from updates
    {%- if sees_deleted %}
    union all
    select * from deletes
    {%- endif %}
    {%- if marks_deleted %}
    union all
    select * from deletion_records
    {%- endif %}
{%- endmacro %}
