"""Nothing on this machine reaches a real AWS account by mistake."""

from sandbox.machine.aws_session import aws_session_env, without_aws


def test_every_setting_of_an_account_is_replaced():
    host = {
        "PATH": "/bin",
        "AWS_PROFILE": "production",
        "AWS_ACCESS_KEY_ID": "real",
        "AWS_CA_BUNDLE": "/ca.pem",
    }
    session = without_aws(host) | aws_session_env("http://127.0.0.1:4566")
    assert "AWS_PROFILE" not in session
    assert session["AWS_ACCESS_KEY_ID"] == "test"
    assert session["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    assert session["AWS_DEFAULT_REGION"] == "eu-central-1"
    assert (session["PATH"], session["AWS_CA_BUNDLE"]) == ("/bin", "/ca.pem")
