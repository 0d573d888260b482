"""The pages: each view reads the request, calls a service and renders what came back."""
