"""How one is told beside the inbox: addresses of one's own, proved by a code; the rhythm of each topic; hours of quiet."""

from server.accounts import service as accounts
from server.kit.endpoint import Call
from server.kit.errors import NotFound, invalid_field
from server.kit.uow import UnitOfWork
from server.mail import service as mail
from server.mail.rules import Channel, channel_of, normal_address
from server.notices import sending
from server.notices.models import NoticeSetting
from server.notices.rhythm import CHANNELS, TOPICS, chosen
from server.notices.schemas import (
    ChannelRead,
    NoticeAddress,
    NoticeAddressProof,
    NoticeChoice,
    NoticeSettingRead,
    QuietHours,
    TopicRhythms,
)
from server.settings import get_settings

ASKING = "to prove an address for notices"
BEGIN = "INSERT INTO notice_setting (user_id) VALUES ($1) ON CONFLICT (user_id) DO NOTHING"


async def load(call: Call) -> NoticeSetting:
    """Loader: one's own choice, locked; the usual one for who has not chosen yet."""
    if call.actor.id is None:
        raise NotFound
    await call.uow.fetch(BEGIN, call.actor.id)
    return await NoticeSetting.filter(user_id=call.actor.id).select_for_update().get()


def shown(setting: NoticeSetting) -> NoticeSettingRead:
    """One's choice as the interface shows it."""
    quiet = sending.quiet_of(setting)
    return NoticeSettingRead(
        version=setting.version,
        channels=[
            ChannelRead(channel=channel, address=sending.address_of(setting, channel) or None, open=_is_open(channel))
            for channel in CHANNELS
        ],
        topics=[
            TopicRhythms(
                topic=topic,
                email=chosen(setting.choices, topic, "email"),
                sms=chosen(setting.choices, topic, "sms"),
            )
            for topic in TOPICS
        ],
        quiet=QuietHours(from_hour=quiet.from_hour, to_hour=quiet.to_hour) if quiet else None,
        digest_hour=setting.digest_hour,
        digest_weekday=setting.digest_weekday,
    )


async def choose(uow: UnitOfWork, setting: NoticeSetting, body: NoticeChoice) -> NoticeSettingRead:
    """Choose rhythms, hours of quiet, and when digests leave; what waits follows. What is left out stays."""
    if body.topics is not None:
        setting.choices = {each.topic: each.model_dump(exclude={"topic"}) for each in body.topics}
    if "quiet" in body.model_fields_set:
        if body.quiet and body.quiet.from_hour == body.quiet.to_hour:
            raise invalid_field(
                "quiet.to_hour", "no_quiet", "免打扰时段的起止时间不能相同", "must not be the hour at which it begins"
            )
        setting.quiet_from = body.quiet.from_hour if body.quiet else None
        setting.quiet_to = body.quiet.to_hour if body.quiet else None
    setting.digest_hour = setting.digest_hour if body.digest_hour is None else body.digest_hour
    setting.digest_weekday = body.digest_weekday or setting.digest_weekday
    return await _store(uow, setting)


async def ask_proof(call: Call, body: NoticeAddress) -> None:
    """Send a code to an address. Raises Invalid, MailOff, SmsOff, TooManyRequests."""
    address = normal_address(body.address, "address")
    await accounts.count_try(call, ASKING)
    async with call.uow.tentative(), accounts.as_system(call.uow):
        await mail.send_code(call.uow, address, "notices", body.language)


async def prove(call: Call, setting: NoticeSetting, body: NoticeAddressProof) -> NoticeSettingRead:
    """Be told at an address from now on, instead of the one before of its kind. Raises WrongCode."""
    address = normal_address(body.address, "address")
    async with accounts.as_system(call.uow):
        await mail.use(call.uow, await mail.prove(call.uow, address, "notices", body.code))
    return await _readdress(call.uow, setting, channel_of(address), address)


async def remove(uow: UnitOfWork, setting: NoticeSetting, channel: Channel) -> NoticeSettingRead:
    """Be told by this channel no longer; what waits there is dropped."""
    return await _readdress(uow, setting, channel, "")


async def _readdress(uow: UnitOfWork, setting: NoticeSetting, channel: Channel, address: str) -> NoticeSettingRead:
    if channel == "email":
        setting.email = address
    else:
        setting.sms = address
    return await _store(uow, setting)


async def _store(uow: UnitOfWork, setting: NoticeSetting) -> NoticeSettingRead:
    setting.version += 1
    await setting.save(using_db=uow.connection)
    async with accounts.as_system(uow):
        await sending.choose_again(uow, setting)
    return shown(setting)


def _is_open(channel: Channel) -> bool:
    settings = get_settings()
    return bool(settings.smtp_url if channel == "email" else settings.sms_url)
