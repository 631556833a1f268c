"""The CRM's contact types and clubs as invite lists, and rules that name what is gone."""
