"""The GraphQL door. Knows the registry and its ports only."""
