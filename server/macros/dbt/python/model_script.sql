{# What is appended to the code of a model in Python when it is compiled: the `dbt` object that the code talks to. Such a model
   cannot run on Postgres, but a project that has one can be opened, compiled and built around it. The text is Python. #}

{% macro py_script_postfix(model) %}
# This part is user provided model code
# you will need to copy the next section to run the code
# COMMAND ----------
# this part is dbt logic for get ref work, do not modify

{{ build_ref_function(model) }}
{{ build_source_function(model) }}
{{ build_config_dict(model) }}

class config:
    def __init__(self, *args, **kwargs):
        pass

    @staticmethod
    def get(key, default=None):
        return config_dict.get(key, default)

    @staticmethod
    def meta_get(key, default=None):
        return meta_dict.get(key, default)

class this:
    """dbt.this() or dbt.this.identifier"""
    database = "{{ this.database }}"
    schema = "{{ this.schema }}"
    identifier = "{{ this.identifier }}"
    {# The relation as text, for printing. #}
    def __repr__(self):
        return '{{ resolve_model_name(this) }}'


class dbtObj:
    def __init__(self, load_df_function) -> None:
        self.source = lambda *args: source(*args, dbt_load_df_function=load_df_function)
        self.ref = lambda *args, **kwargs: ref(*args, **kwargs, dbt_load_df_function=load_df_function)
        self.config = config
        self.this = this()
        self.is_incremental = {{ is_incremental() }}

# COMMAND ----------
{{ py_script_comment() }}
{% endmacro %}


{# For adapters that explain how to run the compiled code by hand. #}
{% macro py_script_comment() %}
{% endmacro %}


{# dbt.ref(): a mapping from what the model wrote to the relations. Rendered in full, without the limits of sample runs; an
   overridden ref() may give text instead of a relation. #}
{% macro build_ref_function(model) %}

    {%- set relations = {} -%}
    {%- for written in model.refs -%}
        {%- set path = [written.get('package'), written['name']] if written.get('package') else [written['name']] -%}
        {%- set found = ref(*path, v=written.get('version')) -%}
        {%- if found.render is defined and found.render is callable -%}
            {%- set found = found.render() -%}
        {%- endif -%}
        {%- if written.get('version') -%}
            {%- do path.append("v" ~ written['version']) -%}
        {%- endif -%}
        {%- do relations.update({path | join('.'): resolve_model_name(found)}) -%}
    {%- endfor -%}

def ref(*args, **kwargs):
    refs = {{ relations | tojson }}
    key = '.'.join(args)
    version = kwargs.get("v") or kwargs.get("version")
    if version:
        key += f".v{version}"
    dbt_load_df_function = kwargs.get("dbt_load_df_function")
    return dbt_load_df_function(refs[key])

{% endmacro %}

{# dbt.source(), likewise. #}
{% macro build_source_function(model) %}

    {%- set relations = {} -%}
    {%- for written in model.sources -%}
        {%- do relations.update({written | join('.'): resolve_model_name(source(*written))}) -%}
    {%- endfor -%}

def source(*args, dbt_load_df_function):
    sources = {{ relations | tojson }}
    key = '.'.join(args)
    return dbt_load_df_function(sources[key])

{% endmacro %}

{# The configs and meta keys that the model's code asks for, with their values. #}
{% macro build_config_dict(model) %}
    {%- set configs, metas = {}, {} -%}
    {%- for key, default in zip(model.config.config_keys_used, model.config.config_keys_defaults) | list -%}
        {%- do configs.update({key: model.config.get(key, default)}) -%}
    {%- endfor -%}
    {%- if model.config.meta_keys_used -%}
        {%- for key, default in zip(model.config.meta_keys_used, model.config.meta_keys_defaults) | list -%}
            {%- do metas.update({key: model.config.meta[key] if model.config.meta and key in model.config.meta else default}) -%}
        {%- endfor -%}
    {%- endif -%}
config_dict = {{ configs }}
meta_dict = {{ metas }}
{% endmacro %}


{# A relation, or its text, as the text inside a string of Python. #}
{% macro resolve_model_name(input_model_name) %}
    {{ return(adapter.dispatch('resolve_model_name', 'dbt')(input_model_name)) }}
{% endmacro %}

{%- macro default__resolve_model_name(input_model_name) -%}
    {{ input_model_name | string }}
{%- endmacro -%}
