{# The materialization `snapshot`: a table that keeps every version of every row that the query ever gave. #}

{%- materialization snapshot, default -%}
    {% set exists, target_relation = get_or_create_relation(
        database=model.database,
        schema=model.schema,
        identifier=model.get('alias', model.get('name')),
        type='table'
    ) %}
    {% if not target_relation.is_table %}
        {% do exceptions.relation_wrong_type(target_relation, 'table') %}
    {% endif %}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}

    {# The transaction begins with the first statement from here on. #}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% set strategy = strategy_dispatch(config.get('strategy'))(
        model, "snapshotted_data", "source_data", model['config'], exists
    ) %}

    {% if not exists %}
        {% set query = build_snapshot_table(strategy, model['compiled_code']) %}
        {% set final_sql = create_table_as(False, target_relation, query) %}
    {% else %}
        {% do adapter.assert_valid_snapshot_target_given_strategy(
            target_relation, config.get("snapshot_table_column_names") or get_snapshot_table_column_names(), strategy
        ) %}

        {% set query = snapshot_staging_table(strategy, sql, target_relation) %}
        {% set staging_table = build_snapshot_staging_table(strategy, sql, target_relation) %}
        {% do adapter.expand_target_column_types(from_relation=staging_table, to_relation=target_relation) %}

        {# Columns of the staging table that are not for the snapshot. #}
        {% set internal = ['dbt_change_type', 'DBT_CHANGE_TYPE', 'dbt_unique_key', 'DBT_UNIQUE_KEY'] %}
        {% if config.get('unique_key') | is_list %}
            {% for key in strategy.unique_key %}
                {% do internal.extend(['dbt_unique_key_' ~ loop.index, 'DBT_UNIQUE_KEY_' ~ loop.index]) %}
            {% endfor %}
        {% endif %}

        {% set gained = adapter.get_missing_columns(staging_table, target_relation) | rejectattr('name', 'in', internal) | list %}
        {% do create_columns(target_relation, gained) %}

        {% set insert_cols = [] %}
        {% for column in adapter.get_columns_in_relation(staging_table) | rejectattr('name', 'in', internal) %}
            {% do insert_cols.append(adapter.quote(column.name)) %}
        {% endfor %}
        {% set final_sql = snapshot_merge_sql(target=target_relation, source=staging_table, insert_cols=insert_cols) %}
    {% endif %}

    {{ check_time_data_types(query) }}

    {% call statement('main') %}
        {{ final_sql }}
    {% endcall %}

    {% set revokes = should_revoke(exists, full_refresh_mode=False) %}
    {% do apply_grants(target_relation, config.get('grants'), should_revoke=revokes) %}
    {% do persist_docs(target_relation, model) %}
    {% if not exists %}
        {% do create_indexes(target_relation) %}
    {% endif %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}

    {% do adapter.commit() %}

    {% if staging_table is defined %}
        {% do post_snapshot(staging_table) %}
    {% endif %}

    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization -%}
