"""The integration between a winery's booking engine and its CRM."""
