{# The materialization `clone`: what another state has built, here: as a copy of the table if the database can make one
   without copying rows, as a view of it otherwise. #}

{%- materialization clone, default -%}
    {% if not defer_relation %}
        {% do log("No relation found in state manifest for " ~ model.unique_id, info=True) %}
        {{ return({'relations': []}) }}
    {% endif %}

    {% set existing_relation = load_cached_relation(this) %}
    {% if existing_relation and not flags.FULL_REFRESH %}
        {% do log("Relation " ~ existing_relation ~ " already exists", info=True) %}
        {{ return({'relations': []}) }}
    {% endif %}

    {% set other_relation = load_cached_relation(defer_relation) %}
    {% if not (other_relation and other_relation.type == 'table' and can_clone_table()) %}
        {# The view that the project would have built, an adapter's own materialization if there is one. #}
        {% set adapters_own = 'materialization_view_' ~ adapter.type() %}
        {% set build_view = context[adapters_own if adapters_own in context else 'materialization_view_default'] %}
        {{ return(build_view()) }}
    {% endif %}

    {% set target_relation = this.incorporate(type='table') %}
    {% if existing_relation is not none and not existing_relation.is_table %}
        {% do log("Dropping relation " ~ existing_relation.render() ~ " because it is of type " ~ existing_relation.type) %}
        {% do drop_relation_if_exists(existing_relation) %}
    {% endif %}

    {% if target_relation.database == defer_relation.database
          and target_relation.schema == defer_relation.schema
          and target_relation.identifier == defer_relation.identifier %}
        {% do log("Target relation and defer relation are the same, skipping clone for relation: " ~ target_relation.render()) %}
    {% else %}
        {% call statement('main') %}
            {{ create_or_replace_clone(target_relation, defer_relation) }}
        {% endcall %}
    {% endif %}

    {% set revokes = should_revoke(existing_relation, full_refresh_mode=True) %}
    {% do apply_grants(target_relation, config.get('grants'), should_revoke=revokes) %}
    {% do persist_docs(target_relation, model) %}

    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization -%}
