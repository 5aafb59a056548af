# pyright: reportAttributeAccessIssue=false, reportArgumentType=false, reportIndexIssue=false, reportOperatorIssue=false
# pyright: reportGeneralTypeIssues=false
"""The list of needs as a Django REST framework application answers it: what `bench/books.py` measures Jiedui's beside.

Written as its documentation shows it: models over the same tables (`managed = False`), a serializer for each part of a row,
cursor pagination, the same session look-up and the same condition of what is visible. It does less: no `can`, no row-level
security (it connects as the owner), no log line, no security headers, and provinces are read once.

What Django makes of a model's fields its types do not say without a plugin, so pyright is told to overlook that.
"""

import hashlib
import os
from datetime import timedelta
from functools import cache
from typing import Any, ClassVar

import django
from django.conf import settings
from django.utils import timezone

from server.accounts.actor import Grant, code_pattern
from server.accounts.rules import SESSION_IDLES
from server.kit.db import credentials

place = credentials(os.environ["DATABASE_OWNER_URL"])
settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "CONN_MAX_AGE": None,
            **{name.upper(): place[name] for name in ("host", "port", "user", "password")},
            "NAME": place["database"],
        }
    },
    ALLOWED_HOSTS=["127.0.0.1"],
    INSTALLED_APPS=["bench", "rest_framework"],
    ROOT_URLCONF="bench.reference",
    REST_FRAMEWORK={
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
    },
    USE_TZ=True,
    TIME_ZONE="UTC",
)
django.setup()

from django.contrib.postgres.fields import ArrayField  # noqa: E402  # Django reads its settings before anything else of it
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import authentication, generics, pagination, permissions, serializers  # noqa: E402


def table(name: str) -> type:
    """The Meta of a model over one of Jiedui's tables."""
    return type("Meta", (), {"db_table": name, "managed": False, "app_label": "bench"})


class User(models.Model):
    id = models.UUIDField(primary_key=True)
    is_active = models.BooleanField()
    is_authenticated = True
    Meta = table("account_user")


class Session(models.Model):
    id = models.UUIDField(primary_key=True)
    token_hash = models.BinaryField()
    user = models.ForeignKey(User, models.PROTECT)
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    Meta = table("session")


class RoleGrant(models.Model):
    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.TextField()
    participant_id = models.UUIDField(null=True)
    place_code = models.TextField(null=True)
    revoked_at = models.DateTimeField(null=True)
    Meta = table("role_grant")


class Place(models.Model):
    id = models.UUIDField(primary_key=True)
    code = models.TextField()
    name_zh = models.TextField()
    name_en = models.TextField()
    level = models.TextField()
    Meta = table("place")


class Participant(models.Model):
    id = models.UUIDField(primary_key=True)
    kind = models.TextField()
    name_zh = models.TextField()
    name_en = models.TextField()
    Meta = table("participant")


class ResourceType(models.Model):
    code = models.TextField(primary_key=True)
    head = models.TextField()
    name_zh = models.TextField()
    name_en = models.TextField()
    unit = models.TextField()
    decimals = models.IntegerField()
    is_money = models.BooleanField()
    bound = models.TextField()
    reach = models.TextField()
    Meta = table("resource_type")


class Need(models.Model):
    id = models.UUIDField(primary_key=True)
    version = models.IntegerField()
    status = models.TextField()
    created_at = models.DateTimeField()
    county_code = models.TextField()
    place = models.ForeignKey(Place, models.PROTECT)
    participant = models.ForeignKey(Participant, models.PROTECT)
    resource_type = models.ForeignKey(ResourceType, models.PROTECT)
    title = models.TextField()
    quantity = models.DecimalField(max_digits=20, decimal_places=3)
    min_part = models.DecimalField(max_digits=20, decimal_places=3, null=True)
    max_sources = models.IntegerField()
    window_from = models.DateField()
    window_to = models.DateField()
    priority = models.IntegerField()
    skills = ArrayField(models.TextField())
    households = models.IntegerField(null=True)
    persons = models.IntegerField(null=True)
    close_reason = models.TextField(null=True)
    submitted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    Meta = table("need")


class Account(models.Model):
    id = models.UUIDField(primary_key=True)
    subject = models.OneToOneField(Need, models.PROTECT, related_name="account")
    quantity = models.DecimalField(max_digits=20, decimal_places=3)
    held = models.DecimalField(max_digits=20, decimal_places=3)
    pledged = models.DecimalField(max_digits=20, decimal_places=3)
    accepted = models.DecimalField(max_digits=20, decimal_places=3)
    Meta = table("account")


@cache
def provinces() -> dict[str, Place]:
    """Every province by its code."""
    return {each.code: each for each in Place.objects.filter(level="province")}


class ByCookie(authentication.BaseAuthentication):
    """The session cookie, as Jiedui takes it."""

    def authenticate(self, request: Any) -> tuple[User, list[Grant]] | None:
        now = timezone.now()
        found = Session.objects.select_related("user").filter(
            token_hash=hashlib.sha256(request.COOKIES.get("jiedui", "").encode()).digest(),
            user__is_active=True,
            revoked_at=None,
            expires_at__gt=now,
            last_seen_at__gt=now - timedelta(seconds=SESSION_IDLES.total_seconds()),
        )
        session = found.first()
        if session is None:
            return None
        grants = session.user.grants.filter(revoked_at=None)
        return session.user, [Grant(each.role, each.participant_id, each.place_code) for each in grants]


class NameSerializer(serializers.Serializer):
    zh = serializers.CharField(source="name_zh")
    en = serializers.CharField(source="name_en")


class CodeNameSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = NameSerializer(source="*")


class ParticipantSerializer(serializers.ModelSerializer):
    name = NameSerializer(source="*")

    class Meta:
        model = Participant
        fields: ClassVar = ["id", "name", "kind"]


class TypeSerializer(serializers.ModelSerializer):
    name = NameSerializer(source="*")

    class Meta:
        model = ResourceType
        fields: ClassVar = ["code", "head", "name", "unit", "decimals", "is_money", "bound", "reach"]


class NeedSerializer(serializers.ModelSerializer):
    place = serializers.SerializerMethodField()
    participant = ParticipantSerializer()
    resource_type = TypeSerializer()
    place_code = serializers.CharField(source="place.code")
    quantity = serializers.SerializerMethodField()
    min_part = serializers.SerializerMethodField()
    window = serializers.SerializerMethodField()
    beneficiaries = serializers.SerializerMethodField()
    coverage = serializers.SerializerMethodField()

    class Meta:
        model = Need
        fields: ClassVar = [
            *("id", "version", "status", "created_at", "place_code", "place", "participant_id", "participant"),
            *("resource_type", "title", "quantity", "min_part", "max_sources", "window", "priority", "skills"),
            *("beneficiaries", "close_reason", "submitted_at", "published_at", "closed_at", "coverage"),
        ]

    def get_place(self, need: Need) -> Any:
        province = CodeNameSerializer(provinces()[need.county_code[:2] + "0000"]).data
        return {**CodeNameSerializer(need.place).data, "province": province}

    def get_quantity(self, need: Need) -> Any:
        return amount(need.quantity, need.resource_type)

    def get_min_part(self, need: Need) -> Any:
        return None if need.min_part is None else amount(need.min_part, need.resource_type)

    def get_window(self, need: Need) -> Any:
        return {"from": need.window_from, "to": need.window_to}

    def get_beneficiaries(self, need: Need) -> Any:
        return {"households": need.households, "persons": need.persons}

    def get_coverage(self, need: Need) -> Any:
        kind, account = need.resource_type, need.account
        left = account.quantity - account.held - account.pledged - account.accepted
        counted = {name: amount(getattr(account, name), kind) for name in ("held", "pledged", "accepted")}
        return {**counted, "open": amount(max(left, 0), kind), "bound": kind.bound}


def amount(value: Any, kind: ResourceType) -> dict[str, Any]:
    """An amount as the interface shows it."""
    return {"amount_fen": int(value)} if kind.is_money else {"value": f"{value.normalize():f}", "unit": kind.unit}


class Pages(pagination.CursorPagination):
    page_size = 50
    ordering = ("-published_at", "-id")


class Needs(generics.ListAPIView):
    """The needs that the caller may see."""

    authentication_classes: ClassVar = [ByCookie]
    permission_classes: ClassVar = [permissions.IsAuthenticated]
    serializer_class = NeedSerializer
    pagination_class = Pages

    def get_queryset(self) -> Any:
        grants = self.request.auth
        own = [each.participant_id for each in grants if each.participant_id]
        seen = models.Q(published_at__isnull=False) | models.Q(participant_id__in=own)
        for each in grants:
            if each.participant_id is None:
                over = models.Q(county_code__startswith=code_pattern(each.place_code).removesuffix("%"))
                seen |= over & ~models.Q(status="draft")
        return Need.objects.select_related("place", "participant", "resource_type", "account").filter(seen)


urlpatterns = [path("needs", Needs.as_view())]
application = get_wsgi_application()
