"""The sample upstreams: a real HTTP server on loopback that makes bodies in the real wire shapes."""
