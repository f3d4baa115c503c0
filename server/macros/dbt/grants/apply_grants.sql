{# Making a relation's privileges what its config says. #}

{# `grant_config` maps a privilege to the roles that have it. Without one, nothing is touched: privileges given by hand stay. #}
{% macro apply_grants(relation, grant_config, should_revoke) %}
    {{ return(adapter.dispatch('apply_grants', 'dbt')(relation, grant_config, should_revoke)) }}
{% endmacro %}

{% macro default__apply_grants(relation, grant_config, should_revoke=True) %}
    {% if not grant_config %}
        {{ return('') }}
    {% endif %}

    {% set needs_granting, needs_revoking = grant_config, {} %}
    {% if should_revoke %}
        {# Old privileges may be there still: look, and change only what differs. #}
        {% set current = adapter.standardize_grants_dict(run_query(get_show_grant_sql(relation))) %}
        {% set needs_granting = diff_of_two_dicts(grant_config, current) %}
        {% set needs_revoking = diff_of_two_dicts(current, grant_config) %}
        {% if not (needs_granting or needs_revoking) %}
            {% do log('On ' ~ relation.render() ~ ': All grants are in place, no revocation or granting needed.') %}
        {% endif %}
    {% endif %}

    {% set statements = get_dcl_statement_list(relation, needs_revoking, get_revoke_sql)
                      + get_dcl_statement_list(relation, needs_granting, get_grant_sql) %}
    {% if statements %}
        {{ call_dcl_statements(statements) }}
    {% endif %}
{% endmacro %}


{# Whether a relation may hold privileges that its config does not name: only if it existed and was not made anew,
   or if making it anew carries them over. #}
{% macro should_revoke(existing_relation, full_refresh_mode=True) %}
    {% if not existing_relation %}
        {{ return(False) }}
    {% elif full_refresh_mode %}
        {{ return(copy_grants()) }}
    {% else %}
        {{ return(True) }}
    {% endif %}
{% endmacro %}

{# Whether replacing a relation carries its privileges over. True unless the adapter knows better: it costs one query. #}
{% macro copy_grants() %}
    {{ return(adapter.dispatch('copy_grants', 'dbt')()) }}
{% endmacro %}

{% macro default__copy_grants() %}
    {{ return(True) }}
{% endmacro %}


{# All at once: a relation is never seen with half of its privileges. #}
{% macro call_dcl_statements(dcl_statement_list) %}
    {{ return(adapter.dispatch('call_dcl_statements', 'dbt')(dcl_statement_list)) }}
{% endmacro %}

{% macro default__call_dcl_statements(dcl_statement_list) %}
    {% call statement('grants') %}
        {% for dcl_statement in dcl_statement_list %}
            {{ dcl_statement }};
        {% endfor %}
    {% endcall %}
{% endmacro %}
