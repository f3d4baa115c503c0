{# The materialization `table`: built beside the old relation and swapped in, so that readers never find nothing. #}

{%- materialization table, default -%}
    {% set existing_relation = load_cached_relation(this) %}
    {% set target_relation = this.incorporate(type='table') %}
    {% set intermediate_relation = make_intermediate_relation(target_relation) %}
    {# To be dropped, a backup must be known by the type it has: that of the relation it was. #}
    {% set backup_relation = make_backup_relation(target_relation, existing_relation.type if existing_relation else 'table') %}

    {# An interrupted run may have left these behind. #}
    {% set leftover_intermediate = load_cached_relation(intermediate_relation) %}
    {% set leftover_backup = load_cached_relation(backup_relation) %}
    {% do drop_relation_if_exists(leftover_intermediate) %}
    {% do drop_relation_if_exists(leftover_backup) %}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}

    {# The transaction begins with the first statement from here on. #}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% call statement('main') -%}
        {{ get_create_table_as_sql(False, intermediate_relation, sql) }}
    {%- endcall %}

    {% do create_indexes(intermediate_relation) %}

    {# Dropping a leftover may have taken the old relation with it, by cascade: look again. #}
    {% if existing_relation is not none %}
        {% set existing_relation = load_cached_relation(existing_relation) %}
        {% if existing_relation is not none %}
            {% do adapter.rename_relation(existing_relation, backup_relation) %}
        {% endif %}
    {% endif %}
    {% do adapter.rename_relation(intermediate_relation, target_relation) %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}

    {% set revokes = should_revoke(existing_relation, full_refresh_mode=True) %}
    {% do apply_grants(target_relation, config.get('grants'), should_revoke=revokes) %}
    {% do persist_docs(target_relation, model) %}

    {% do adapter.commit() %}

    {# After the commit: the drop cascades to what depends on the old table, and waits for its readers. #}
    {% do drop_relation_if_exists(backup_relation) %}

    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization -%}
