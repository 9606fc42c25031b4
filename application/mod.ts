/**
 * What people can do in Sarangbang: a chat made of ports, and the use-cases on it. Runs wherever its ports do, and
 * knows no transport, so that any front end can embed it.
 */
export * from "./chat.ts";
export * from "./live_sessions.ts";
export type * from "./ports/mod.ts";
export type { SignedIn } from "./use_cases/accounts/_accounts.ts";
export * from "./use_cases/accounts/change_password.ts";
export * from "./use_cases/accounts/list_sessions.ts";
export * from "./use_cases/accounts/own_profile.ts";
export * from "./use_cases/accounts/revoke_session.ts";
export * from "./use_cases/accounts/sign_in.ts";
export * from "./use_cases/accounts/sign_out.ts";
export * from "./use_cases/accounts/sign_up.ts";
export * from "./use_cases/accounts/update_profile.ts";
export type { Done } from "./use_cases/chatrooms/_command.ts";
export type { ListedChatroom } from "./use_cases/chatrooms/_listing.ts";
export type { ObservationEnd } from "./use_cases/chatrooms/_member_changes.ts";
export * from "./use_cases/chatrooms/change_role.ts";
export * from "./use_cases/chatrooms/create_chatroom.ts";
export * from "./use_cases/chatrooms/delete_chatroom.ts";
export * from "./use_cases/chatrooms/get_chatroom.ts";
export * from "./use_cases/chatrooms/join_chatroom.ts";
export * from "./use_cases/chatrooms/kick_member.ts";
export * from "./use_cases/chatrooms/leave_chatroom.ts";
export * from "./use_cases/chatrooms/list_chatrooms.ts";
export * from "./use_cases/chatrooms/list_members.ts";
export * from "./use_cases/chatrooms/my_chatrooms.ts";
export * from "./use_cases/chatrooms/observe_chatroom.ts";
export * from "./use_cases/chatrooms/update_chatroom.ts";
export * from "./use_cases/chatrooms/who_is_here.ts";
export * from "./use_cases/messages/get_message.ts";
export * from "./use_cases/messages/message_history.ts";
export * from "./use_cases/messages/post_message.ts";
