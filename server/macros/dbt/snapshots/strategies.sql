{# Snapshot strategies: how a changed row is recognised. The config `strategy: x` calls snapshot_x_strategy, of a package if
   written `package.x`. A strategy returns a mapping: unique_key, updated_at, row_changed and scd_id (SQL expressions),
   hard_deletes ('ignore', 'invalidate' or 'new_record') and invalidate_hard_deletes. #}

{# Returns the strategy's macro. #}
{% macro strategy_dispatch(name) -%}
    {% set package = name.split('.', 1)[0] if '.' in name else none %}
    {% set bare_name = name.split('.', 1)[1] if '.' in name else name %}
    {% if package is not none and package not in context %}
        {{ exceptions.raise_compiler_error(
            "Could not find package '" ~ package ~ "', called with '" ~ name ~ "'"
        ) }}
    {% endif %}

    {% set macros = context if package is none else context[package] %}
    {% set macro_name = 'snapshot_' ~ bare_name ~ '_strategy' %}
    {% if macro_name not in macros %}
        {{ exceptions.raise_compiler_error(
            "The specified strategy macro '" ~ bare_name ~ "' was not found in package '" ~ package ~ "'"
        ) }}
    {% endif %}
    {{ return(macros[macro_name]) }}
{%- endmacro %}


{# A row has changed if its own timestamp is later than the one that was recorded. Compared with dbt_valid_from, for the
   snapshot may have been made by another strategy and lack the timestamp's column. The fourth argument is not used. #}
{% macro snapshot_timestamp_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
    {% set unique_key = config.get('unique_key') %}
    {% set updated_at = config.get('updated_at') %}
    {% set hard_deletes = adapter.get_hard_deletes_behavior(config) %}
    {% set columns = config.get("snapshot_table_column_names") or get_snapshot_table_column_names() %}

    {{ return({
        "unique_key": unique_key,
        "updated_at": updated_at,
        "row_changed": "(" ~ snapshotted_rel ~ "." ~ columns.dbt_valid_from ~ " < " ~ current_rel ~ "." ~ updated_at ~ ")",
        "scd_id": snapshot_hash_arguments(api.Relation.scd_args(unique_key, updated_at)),
        "invalidate_hard_deletes": hard_deletes == 'invalidate',
        "hard_deletes": hard_deletes,
    }) }}
{% endmacro %}


{# A row has changed if one of the columns `check_cols` has: the comparison treats null as a value. A column that the
   snapshot does not have yet counts as a change of every row. The fourth argument is not used. #}
{% macro snapshot_check_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
    {% set unique_key = config.get('unique_key') %}
    {% set updated_at = config.get('updated_at') or snapshot_get_time() %}
    {% set hard_deletes = adapter.get_hard_deletes_behavior(config) %}
    {% set column_added, check_cols = snapshot_check_all_get_existing_columns(node, target_exists, config.get('check_cols')) %}

    {% set row_changed -%}
    (
    {%- if column_added -%}
        {{ get_true_sql() }}
    {%- else -%}
        {%- for column in check_cols -%}
            {%- set old, new = snapshotted_rel ~ '.' ~ column, current_rel ~ '.' ~ column -%}
            {{ old }} != {{ new }}
            or
            (
                (({{ old }} is null) and not ({{ new }} is null))
                or
                ((not {{ old }} is null) and ({{ new }} is null))
            )
            {%- if not loop.last %} or {% endif -%}
        {%- endfor -%}
    {%- endif -%}
    )
    {%- endset %}

    {{ return({
        "unique_key": unique_key,
        "updated_at": updated_at,
        "row_changed": row_changed,
        "scd_id": snapshot_hash_arguments(api.Relation.scd_args(unique_key, updated_at)),
        "invalidate_hard_deletes": hard_deletes == 'invalidate',
        "hard_deletes": hard_deletes,
    }) }}
{% endmacro %}

{# A pair: whether the query has a checked column that the snapshot lacks, and the quoted names of those both have. The
   first run compares nothing. Names come from the query itself, in the database's own spelling. #}
{% macro snapshot_check_all_get_existing_columns(node, target_exists, check_cols_config) -%}
    {% if not target_exists %}
        {{ return((false, [])) }}
    {% endif %}

    {% if check_cols_config == 'all' %}
        {% set checked = get_columns_in_query(node['compiled_code']) %}
    {% elif check_cols_config is iterable and check_cols_config | length > 0 %}
        {# The line breaks matter: the query may end in a comment. #}
        {% set select_checked -%}
            select {{ check_cols_config | join(', ') }} from (
                {{ node['compiled_code'] }}
            ) subq
        {%- endset %}
        {% set checked = get_columns_in_query(select_checked) %}
    {% else %}
        {% do exceptions.raise_compiler_error("Invalid value for 'check_cols': " ~ check_cols_config) %}
    {% endif %}

    {% set snapshot = adapter.get_relation(database=node.database, schema=node.schema, identifier=node.alias) %}
    {% set present = adapter.get_columns_in_relation(snapshot) | map(attribute='name') | list %}
    {% set in_both = [] %}
    {% for name in checked if name in present %}
        {% do in_both.append(adapter.quote(name)) %}
    {% endfor %}
    {{ return((in_both | length < checked | length, in_both)) }}
{%- endmacro %}


{% macro get_true_sql() %}
  {{ adapter.dispatch('get_true_sql', 'dbt')() }}
{% endmacro %}

{% macro default__get_true_sql() %}
    {{ return('TRUE') }}
{% endmacro %}
