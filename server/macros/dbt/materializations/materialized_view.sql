{# The materialization `materialized_view`: created, replaced, altered or refreshed, by what exists and what changed. #}

{%- materialization materialized_view, default -%}
    {% set existing_relation = load_cached_relation(this) %}
    {% set target_relation = this.incorporate(type=this.MaterializedView) %}
    {% set intermediate_relation = make_intermediate_relation(target_relation) %}
    {% set backup_relation = make_backup_relation(
        target_relation, target_relation.MaterializedView if existing_relation is none else existing_relation.type
    ) %}

    {{ materialized_view_setup(backup_relation, intermediate_relation, pre_hooks) }}

    {% set build_sql = materialized_view_get_build_sql(
        existing_relation, target_relation, backup_relation, intermediate_relation
    ) %}
    {% if build_sql == '' %}
        {{ materialized_view_execute_no_op(target_relation) }}
    {% else %}
        {{ materialized_view_execute_build_sql(build_sql, existing_relation, target_relation, post_hooks) }}
    {% endif %}

    {{ materialized_view_teardown(backup_relation, intermediate_relation, post_hooks) }}

    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization -%}


{# An interrupted run may have left a backup or an intermediate relation behind. #}
{% macro materialized_view_setup(backup_relation, intermediate_relation, pre_hooks) %}
    {% set leftover_backup = load_cached_relation(backup_relation) %}
    {% set leftover_intermediate = load_cached_relation(intermediate_relation) %}
    {% do drop_relation_if_exists(leftover_backup) %}
    {% do drop_relation_if_exists(leftover_intermediate) %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
{% endmacro %}

{% macro materialized_view_teardown(backup_relation, intermediate_relation, post_hooks) %}
    {% do drop_relation_if_exists(backup_relation) %}
    {% do drop_relation_if_exists(intermediate_relation) %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
{% endmacro %}


{# The SQL that brings the view to its definition, or '' if the config says to leave it as it is. #}
{% macro materialized_view_get_build_sql(existing_relation, target_relation, backup_relation, intermediate_relation) %}
    {% if existing_relation is none %}
        {{ return(get_create_materialized_view_as_sql(target_relation, sql)) }}
    {% elif should_full_refresh() or not existing_relation.is_materialized_view %}
        {{ return(get_replace_sql(existing_relation, target_relation, sql)) }}
    {% endif %}

    {% set changes = get_materialized_view_configuration_changes(existing_relation, config) %}
    {% if changes is none %}
        {{ return(refresh_materialized_view(target_relation)) }}
    {% endif %}

    {% set policy = config.get('on_configuration_change') %}
    {% if policy == 'apply' %}
        {{ return(get_alter_materialized_view_as_sql(
            target_relation, changes, sql, existing_relation, backup_relation, intermediate_relation
        )) }}
    {% elif policy == 'continue' %}
        {% do exceptions.warn(
            "Configuration changes were identified and `on_configuration_change` was set to `continue` for `"
            ~ target_relation.render() ~ "`"
        ) %}
        {{ return('') }}
    {% elif policy == 'fail' %}
        {{ exceptions.raise_fail_fast_error(
            "Configuration changes were identified and `on_configuration_change` was set to `fail` for `"
            ~ target_relation.render() ~ "`"
        ) }}
    {% else %}
        {{ exceptions.raise_compiler_error("Unexpected configuration scenario") }}
    {% endif %}
{% endmacro %}

{% macro materialized_view_execute_no_op(target_relation) %}
    {% do store_raw_result(name="main", message="skip " ~ target_relation, code="skip", rows_affected="-1") %}
{% endmacro %}

{# Executes, in a transaction that begins with the first hook or statement. #}
{% macro materialized_view_execute_build_sql(build_sql, existing_relation, target_relation, post_hooks) %}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% call statement('main') %}
        {{ build_sql }}
    {% endcall %}

    {% set revokes = should_revoke(existing_relation, full_refresh_mode=True) %}
    {% do apply_grants(target_relation, config.get('grants'), should_revoke=revokes) %}
    {% do persist_docs(target_relation, model) %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}

    {% do adapter.commit() %}
{% endmacro %}
