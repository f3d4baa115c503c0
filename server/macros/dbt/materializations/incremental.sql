{# The materialization `incremental`: the first run makes a table, later ones add to it by the configured strategy. #}

{%- materialization incremental, default -%}
    {% set existing_relation = load_cached_relation(this) %}
    {% set target_relation = this.incorporate(type='table') %}
    {% set temp_relation = make_temp_relation(target_relation) %}
    {% set intermediate_relation = make_intermediate_relation(target_relation) %}
    {% set backup_relation = make_backup_relation(target_relation, existing_relation.type if existing_relation else 'table') %}

    {% set unique_key = config.get('unique_key') %}
    {% set full_refresh_mode = should_full_refresh() or existing_relation.is_view %}
    {% set on_schema_change = incremental_validate_on_schema_change(config.get('on_schema_change'), default='ignore') %}

    {# An interrupted run may have left these behind. They go before the transaction begins. #}
    {% set leftover_intermediate = load_cached_relation(intermediate_relation) %}
    {% set leftover_backup = load_cached_relation(backup_relation) %}
    {% do drop_relation_if_exists(leftover_intermediate) %}
    {% do drop_relation_if_exists(leftover_backup) %}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}

    {# The transaction begins with the first statement from here on. #}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {# Looked up even if this run has no use for it: a strategy that does not exist is an error from the first run on. #}
    {% set strategy_sql = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy') or 'default') %}
    {% set swaps = existing_relation is not none and full_refresh_mode %}

    {% if existing_relation is none %}
        {% set build_sql = get_create_table_as_sql(False, target_relation, sql) %}
    {% elif full_refresh_mode %}
        {% set build_sql = get_create_table_as_sql(False, intermediate_relation, sql) %}
    {% else %}
        {% do run_query(get_create_table_as_sql(True, temp_relation, sql)) %}

        {# A contract fixes the types; without one, text columns may have to grow. #}
        {% set contract = config.get('contract') %}
        {% if not contract or not contract.enforced %}
            {% do adapter.expand_target_column_types(from_relation=temp_relation, to_relation=target_relation) %}
        {% endif %}
        {% set dest_columns = process_schema_changes(on_schema_change, temp_relation, existing_relation)
                           or adapter.get_columns_in_relation(existing_relation) %}

        {% set build_sql = strategy_sql({
            'target_relation': target_relation,
            'temp_relation': temp_relation,
            'unique_key': unique_key,
            'dest_columns': dest_columns,
            'incremental_predicates': config.get('predicates', none) or config.get('incremental_predicates', none),
        }) %}
    {% endif %}

    {% call statement('main') %}
        {{ build_sql }}
    {% endcall %}

    {% if existing_relation is none %}
        {% do create_indexes(target_relation) %}
    {% elif swaps %}
        {% do create_indexes(intermediate_relation) %}
        {% do adapter.rename_relation(target_relation, backup_relation) %}
        {% do adapter.rename_relation(intermediate_relation, target_relation) %}
    {% endif %}

    {% set revokes = should_revoke(existing_relation, full_refresh_mode) %}
    {% do apply_grants(target_relation, config.get('grants'), should_revoke=revokes) %}
    {% do persist_docs(target_relation, model) %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}

    {% do adapter.commit() %}

    {% if swaps %}
        {% do adapter.drop_relation(backup_relation) %}
    {% endif %}

    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization -%}
